/**
 * What the OpenAPI document says about every operation alike: common parameters, problems, caching, and an example
 * answer of each, taken from the scenario {@code blob-life}.
 */
@NullMarked
package dev.vibrissa.api.openapi;

import org.jspecify.annotations.NullMarked;
