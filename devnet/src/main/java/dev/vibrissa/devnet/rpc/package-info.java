/**
 * What a full node shows of the chain: gRPC {@code sui.rpc.v2}, the same as gRPC-Web, and a checkpoint store, on one
 * port. A request is translated into a call of an in-process gRPC server, whose services read the
 * {@link dev.vibrissa.devnet.ledger.ChainReader} and render what the read mask asks for. Subscriptions go through a
 * script of faults.
 */
@NullMarked
package dev.vibrissa.devnet.rpc;

import org.jspecify.annotations.NullMarked;
