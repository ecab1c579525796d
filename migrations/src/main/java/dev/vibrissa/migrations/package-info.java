/**
 * The PostgreSQL schema, and the database that runs by itself for those who bring none. {@link Schema} brings any
 * PostgreSQL from 15 on to the schema of this program; {@link EmbeddedPostgres} starts one from the binaries on the
 * class path, under a supervisor that never trades durability for speed. Everything else meets in the
 * {@link Database} that comes out of either.
 */
@NullMarked
package dev.vibrissa.migrations;

import org.jspecify.annotations.NullMarked;
