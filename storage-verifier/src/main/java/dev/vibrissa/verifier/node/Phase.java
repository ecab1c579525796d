package dev.vibrissa.verifier.node;

/** How far an exchange with a node had come. */
public enum Phase {
    /** The host name is looked up. */
    RESOLVE,
    /** The TCP connection is made. */
    CONNECT,
    /** The TLS handshake is made. */
    SECURE,
    /** The request is out, and the head of the answer (status and headers) not yet in. */
    ANSWER,
    /** The body is read. */
    BODY
}
