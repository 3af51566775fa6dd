-- Who has seen which message, and when they said so. A message may go before what was said of it, so it is not referred to.
create table acknowledgements (
  message text not null,
  channel text not null,
  who text not null,
  name text not null,
  at text not null,
  primary key (message, channel, who)
) strict, without rowid;
