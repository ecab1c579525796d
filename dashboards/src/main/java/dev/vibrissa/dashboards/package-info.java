/**
 * The web pages: HTML that is complete when it leaves the server.
 *
 * <p>A page asks the API's resources in the same process and shows their answers; it has no way of its own to the
 * database, so that a page never says anything the API does not.
 */
@NullMarked
package dev.vibrissa.dashboards;

import org.jspecify.annotations.NullMarked;
