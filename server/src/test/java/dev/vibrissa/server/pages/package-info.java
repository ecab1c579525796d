/** The pages as people meet them: in a browser, and as HTML that anybody may have written into. */
@NullMarked
package dev.vibrissa.server.pages;

import org.jspecify.annotations.NullMarked;
