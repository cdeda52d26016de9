/**
 * What tests share: a database a class from a template, anvil a class on a free port, a scripted
 * JSON-RPC node, a clock that the test moves.
 */
@NullMarked
package network.tachi.testkit;

import org.jspecify.annotations.NullMarked;
