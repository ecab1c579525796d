/** What the subsidies contract holds, pays and is set to. */
@NullMarked
package dev.vibrissa.api.subsidy;

import org.jspecify.annotations.NullMarked;
