/**
 * Quilts: one blob that holds many named files, each in whole secondary slivers.
 *
 * <p>{@link dev.vibrissa.redstuff.quilt.Quilt} reads the index and the files, from a whole blob or from no more than the slivers that hold them; {@link
 * dev.vibrissa.redstuff.quilt.QuiltPatchId} is how others name a file. Whoever wrote the blob chose every byte of it, so each length is held
 * against what is there before anything is allocated.
 *
 * <p><em>Refused</em> ({@link dev.vibrissa.redstuff.quilt.QuiltFormatException}) is what has no sure meaning: another version, a length
 * beyond the blob or the columns of a file, an index of more than {@value dev.vibrissa.redstuff.quilt.QuiltIndex#MAX_COLUMNS} columns, BCS that is not
 * canonical, ends that do not rise strictly or lie beyond the last column, identifiers that are empty, there twice or not UTF-8, unknown bits of a mask.
 * Only <em>noted</em> is what a writer should not do and a reader can live with: identifiers that end in white space, have control characters or
 * stand in another order than that of their bytes, more columns than a file needs, a file whose own header differs from the index.
 */
@NullMarked
package dev.vibrissa.redstuff.quilt;

import org.jspecify.annotations.NullMarked;
