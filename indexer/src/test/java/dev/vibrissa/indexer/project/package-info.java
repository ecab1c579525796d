/** Tests of folds. */
@NullMarked
package dev.vibrissa.indexer.project;

import org.jspecify.annotations.NullMarked;
