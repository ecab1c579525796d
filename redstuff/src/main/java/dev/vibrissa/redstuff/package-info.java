/**
 * RedStuff, the erasure code of Walrus: blobs to slivers and back, byte for byte as the network does it.
 *
 * <p>{@link dev.vibrissa.redstuff.EncodingConfig} says how a blob is laid out over so many shards, {@link
 * dev.vibrissa.redstuff.BlobEncoder} makes slivers and the blob id, {@link dev.vibrissa.redstuff.VerifiedMetadata} judges what a storage node
 * answered, {@link dev.vibrissa.redstuff.BlobDecoder} gives the blob back. Plain Java without dependencies.
 */
@NullMarked
package dev.vibrissa.redstuff;

import org.jspecify.annotations.NullMarked;
