/**
 * The database in a folder, and back. A backup is one consistent moment of all tables: a stream of PostgreSQL's binary COPY
 * for each, compressed, and a manifest that says what they are, how many rows they have and what they hash to. It needs
 * nothing but a connection, so that the embedded PostgreSQL, which brings no tools along, is backed up like any other.
 */
@NullMarked
package dev.vibrissa.server.backup;

import org.jspecify.annotations.NullMarked;
