/** What pages are made of, each by itself. */
@NullMarked
package dev.vibrissa.dashboards;

import org.jspecify.annotations.NullMarked;
