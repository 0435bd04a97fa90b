# SPDX-License-Identifier: Apache-2.0
"""The separable convex network programme, the one mathematical object behind every balance.

    minimise   sum_v  c_v x_v + 1/2 q_v x_v^2
    subject to A x = b,   G x <= h,   0 <= x <= upper

It knows nothing of minerals. Where every q is positive a semismooth Newton method on the dual solves it, warm from a
neighbour's prices, and where some are, the same method in a proximal loop; Clarabel (interior point) solves what is linear
throughout and whatever Newton does not finish. `Family` is for many
programmes on one pair of matrices.
"""

from ytterby.programme.definition import Names, Programme, Solution
from ytterby.programme.family import Family, solve

__all__ = ["Family", "Names", "Programme", "Solution", "solve"]
