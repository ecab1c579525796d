/**
 * Who uses the devnet: operators, delegators, publishers, and somebody who turns the epochs. Each looks at the chain as
 * it is and decides by dice that follow from the seed and the checkpoint; nobody remembers anything, so that all go on
 * after a restart.
 */
@NullMarked
package dev.vibrissa.devnet.people;

import org.jspecify.annotations.NullMarked;
