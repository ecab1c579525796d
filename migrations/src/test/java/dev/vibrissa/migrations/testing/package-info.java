/**
 * Databases for tests, of this module and of others. They are real: one embedded PostgreSQL per JVM with the durability
 * of the product, and in it a fresh database for whoever asks, copied from a migrated template.
 */
@NullMarked
package dev.vibrissa.migrations.testing;

import org.jspecify.annotations.NullMarked;
