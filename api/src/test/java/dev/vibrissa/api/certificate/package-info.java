@NullMarked
package dev.vibrissa.api.certificate;

import org.jspecify.annotations.NullMarked;
