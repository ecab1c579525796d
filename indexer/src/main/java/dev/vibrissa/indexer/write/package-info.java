/**
 * Rows into PostgreSQL: facts by binary COPY, in the transaction that moves the watermark.
 */
@NullMarked
package dev.vibrissa.indexer.write;

import org.jspecify.annotations.NullMarked;
