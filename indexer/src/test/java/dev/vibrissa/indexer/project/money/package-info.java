@NullMarked
package dev.vibrissa.indexer.project.money;

import org.jspecify.annotations.NullMarked;
