/**
 * The command line: one class per command, options shared as mixins, settings from the environment and one file.
 * Commands end in one of the codes of {@link dev.vibrissa.server.cli.ExitCode}, and a fault is one sentence on standard
 * error. This is the only package that writes to the terminal.
 */
@NullMarked
package dev.vibrissa.server.cli;

import org.jspecify.annotations.NullMarked;
