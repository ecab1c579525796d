/** Certificates of storage nodes, as they came with calls: what was signed, by whom, with which weight. */
@NullMarked
package dev.vibrissa.api.certificate;

import org.jspecify.annotations.NullMarked;
