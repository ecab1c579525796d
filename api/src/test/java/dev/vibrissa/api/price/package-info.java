@NullMarked
package dev.vibrissa.api.price;

import org.jspecify.annotations.NullMarked;
