/**
 * Maintenance that operators declare. A declaration is kept, and shown beside what the audits find; whoever audits puts it
 * into its log. It removes nothing from a score.
 */
@NullMarked
package dev.vibrissa.api.maintenance;

import org.jspecify.annotations.NullMarked;
