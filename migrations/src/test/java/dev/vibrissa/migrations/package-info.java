/**
 * Tests of the embedded database and the schema. PostgreSQL, processes, users and kills are real; what needs root, or a
 * PostgreSQL of the machine's, is skipped with a reason elsewhere.
 */
@NullMarked
package dev.vibrissa.migrations;

import org.jspecify.annotations.NullMarked;
