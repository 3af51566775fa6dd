-- Who has seen which message, and when they said so. A message may go before what was said of it, so it is not referred to.
create table acknowledgements (
  message text collate "C" not null,
  channel text collate "C" not null,
  who text collate "C" not null,
  name text not null,
  at text collate "C" not null,
  primary key (message, channel, who)
);
