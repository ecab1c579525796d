@NullMarked
package dev.vibrissa.testbroker;

import org.jspecify.annotations.NullMarked;
