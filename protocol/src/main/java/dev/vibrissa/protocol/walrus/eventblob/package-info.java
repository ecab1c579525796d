/**
 * Event blobs: the files in which storage nodes write down every Walrus event, each an ordinary blob that names the one
 * before it.
 *
 * <p>A reader hands out a file's elements one by one and keeps no more than one of them, so that a file of any size can
 * be gone through. It stops where the entries end and takes nothing else for an end.
 */
@NullMarked
package dev.vibrissa.protocol.walrus.eventblob;

import org.jspecify.annotations.NullMarked;
