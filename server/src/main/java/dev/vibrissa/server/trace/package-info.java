/**
 * Traces by OpenTelemetry: a span for each request and for each batch that was indexed. The SDK is there only where an endpoint
 * is set; else a request costs one look at a field.
 */
@NullMarked
package dev.vibrissa.server.trace;

import org.jspecify.annotations.NullMarked;
