/**
 * Plain JDBC with the edges taken off: a read-only snapshot of the database, and rows that know Walrus's types.
 *
 * <p>SQL stays in text blocks beside the question it answers; nothing here builds or hides any.
 */
@NullMarked
package dev.vibrissa.api.sql;

import org.jspecify.annotations.NullMarked;
