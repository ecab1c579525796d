/**
 * Hashes over what was certified when a Walrus epoch began, as storage nodes publish them of their tables. They are made
 * once an epoch has begun, beside the index and from its rows, and kept: to read a hundred million objects takes longer than
 * anybody waits for an answer.
 */
@NullMarked
package dev.vibrissa.indexer.fingerprint;

import org.jspecify.annotations.NullMarked;
