/** What a text may mean: the shapes it fits, and what of them is known. */
@NullMarked
package dev.vibrissa.api.search;

import org.jspecify.annotations.NullMarked;
