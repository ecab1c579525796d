/**
 * The tables for analysts as Parquet files, from one snapshot, with a manifest that says what they rest on and the SHA-256 of each. Parquet
 * is written by Apache's library; of Hadoop, whose classes that library names, nothing is loaded.
 */
@NullMarked
package dev.vibrissa.server.export;

import org.jspecify.annotations.NullMarked;
