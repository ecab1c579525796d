/** Where the API's readers of quilts and the storage nodes meet: in the process that may ask nodes. */
@NullMarked
package dev.vibrissa.server.quilt;

import org.jspecify.annotations.NullMarked;
