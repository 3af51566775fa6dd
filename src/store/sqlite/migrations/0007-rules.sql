-- What each daemon watches, and by which rules: one that differs does not take over.
alter table instances add column rules text;
