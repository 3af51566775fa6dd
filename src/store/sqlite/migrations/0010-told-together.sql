-- Which message of an event a channel is told in another one, a table of many events: what became of it there is what became of
-- that. Where a message has a delivery of its own on a channel, it is told alone there.
create table told_together (
  message text not null references messages (message),
  channel text not null,
  together text not null references messages (message),
  position integer not null,
  primary key (message, channel)
) strict, without rowid;

create index told_in on told_together (together, channel);
