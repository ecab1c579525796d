@NullMarked
package dev.vibrissa.indexer.extract;

import org.jspecify.annotations.NullMarked;
