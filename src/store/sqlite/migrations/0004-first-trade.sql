-- The first session that the source says it has of a symbol: a history that begins later is not whole.
alter table symbols add column first_trade text;
