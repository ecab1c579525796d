/**
 * A blob as a folder of slivers: {@code metadata.bin} as a storage node answers it (blob id, then metadata), and a file per sliver, named
 * by its index on its own axis. Files are mapped and blobs are worked on in strips, so that memory does not grow with the blob.
 */
@NullMarked
package dev.vibrissa.server.slivers;

import org.jspecify.annotations.NullMarked;
