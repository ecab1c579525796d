@NullMarked
package dev.vibrissa.indexer.write;

import org.jspecify.annotations.NullMarked;
