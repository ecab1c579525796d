package dev.vibrissa.server.slivers;

import java.io.IOException;

/** The disk is too full for what is to be written. */
public final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    NoRoomException(String sentence) {
        super(sentence);
    }
}
