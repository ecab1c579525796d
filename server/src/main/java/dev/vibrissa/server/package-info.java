/**
 * The one program. {@link dev.vibrissa.server.Main} hands the command line to {@code cli}; only the command {@code up}
 * starts Quarkus, which then serves what the modules api and dashboards bring.
 */
@NullMarked
package dev.vibrissa.server;

import org.jspecify.annotations.NullMarked;
