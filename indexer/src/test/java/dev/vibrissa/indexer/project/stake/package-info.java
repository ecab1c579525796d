@NullMarked
package dev.vibrissa.indexer.project.stake;

import org.jspecify.annotations.NullMarked;
