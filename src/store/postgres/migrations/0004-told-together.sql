-- Which message of an event a channel is told in another one, a table of many events: what became of it there is what became of
-- that. Where a message has a delivery of its own on a channel, it is told alone there.
create table told_together (
  message text collate "C" not null references messages (message),
  channel text collate "C" not null,
  together text collate "C" not null references messages (message),
  position integer not null,
  primary key (message, channel)
);

create index told_in on told_together (together, channel);
