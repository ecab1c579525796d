/**
 * The common course of every answer: snapshot, moment, conditional request, body, caching headers; and how
 * identifiers look in JSON.
 */
@NullMarked
package dev.vibrissa.api.answer;

import org.jspecify.annotations.NullMarked;
