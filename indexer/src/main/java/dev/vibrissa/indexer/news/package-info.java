/**
 * What a batch at the tip has changed, told to others in the batch's own transaction. What blobs, epochs and prices came
 * to is read from the facts; operators and votes from the rows that were just folded. Neither a rebuild nor a backfill
 * comes by here: what they write was so before.
 */
@NullMarked
package dev.vibrissa.indexer.news;

import org.jspecify.annotations.NullMarked;
