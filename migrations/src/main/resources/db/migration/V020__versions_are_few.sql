-- Of one object there are few versions. The planner counts those of all objects, and PostgreSQL 18 takes it that to find what became of an
-- object up to a checkpoint, by the primary key (object_id, version, checkpoint), it has to look for each of them: it would rather pass over
-- all checkpoints. Nor do objects repeat as often as a sample of many makes it believe.
alter table object_change alter column version set (n_distinct = 2);
alter table object_change alter column object_id set (n_distinct = -0.3);
analyze object_change;
