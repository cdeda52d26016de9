/** Benchmarks: each compares two things in one run on one machine, in processes of their own. */
@NullMarked
package network.tachi.bench;

import org.jspecify.annotations.NullMarked;
