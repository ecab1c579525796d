@NullMarked
package dev.vibrissa.api.page;

import org.jspecify.annotations.NullMarked;
