// Package segments divides a list among the iterations and instances of a test, so that each element is taken exactly
// once. It uses k6's own means of distributing a test: execution segments and their sequence.
//
// It returns an error if that is impossible: for an instance that does not know the other instances, and for an
// executor that does not say beforehand how many iterations it will run.
package segments

import (
	"fmt"
	"iter"
	"strings"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/executor"
)

// Plan says which iterations of a scenario run where.
type Plan struct {
	scenario string
	tuple    *lib.ExecutionTuple
	// iterations are how many iterations each instance runs, in the order of the sequence.
	iterations []int64
	// numbered reports whether k6's own number of an iteration is unique among all instances, and without gaps.
	numbered bool
}

// NewPlan returns the plan of a scenario, from k6's options. Its errors say what to change.
func NewPlan(options *lib.Options, scenario string) (*Plan, error) {
	segment, sequence := options.ExecutionSegment, options.ExecutionSegmentSequence
	if segment != nil && segment.FloatLength() < 1 && (sequence == nil || len(*sequence) == 0) {
		return nil, fmt.Errorf("needs --execution-segment-sequence with --execution-segment %s: without it no instance "+
			"knows what the others do, and parts of the list would be taken twice or not at all", segment)
	}
	tuple, err := lib.NewExecutionTuple(segment, sequence)
	if err != nil {
		return nil, err
	}
	p := &Plan{scenario: scenario, tuple: tuple}
	switch config := options.Scenarios[scenario].(type) {
	case executor.SharedIterationsConfig:
		err = p.spreadShared(&config)
	case executor.PerVUIterationsConfig:
		for i := range tuple.Sequence.ExecutionSegmentSequence {
			vus := tuple.Sequence.GetTuple(i).ScaleInt64(config.VUs.Int64)
			p.iterations = append(p.iterations, vus*config.Iterations.Int64)
		}
	case nil:
		err = fmt.Errorf("does not know scenario %q", scenario)
	default:
		err = fmt.Errorf("cannot divide a list in scenario %q: its executor %q does not say how many iterations there "+
			"will be; use shared-iterations", scenario, config.GetType())
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// spreadShared distributes iterations as k6 does: over the instances that have a VU, in proportion to their VUs.
func (p *Plan) spreadShared(config *executor.SharedIterationsConfig) error {
	p.numbered = true
	all := p.tuple.Sequence
	for i := range all.ExecutionSegmentSequence {
		instance := all.GetTuple(i)
		if instance.ScaleInt64(config.VUs.Int64) == 0 {
			p.iterations = append(p.iterations, 0)
			continue
		}
		withVUs, err := instance.GetNewExecutionTupleFromValue(config.VUs.Int64)
		if err != nil {
			return err
		}
		p.iterations = append(p.iterations, withVUs.ScaleInt64(config.Iterations.Int64))
	}
	return nil
}

// Total is how many iterations all instances run together.
func (p *Plan) Total() int64 {
	var total int64
	for _, n := range p.iterations {
		total += n
	}
	return total
}

// Number is the number of an iteration among those of all instances, from 0 to Total-1. Its arguments are k6's two
// numbers of the iteration in its scenario: within the instance, and within the test.
func (p *Plan) Number(local, global uint64) int64 {
	if p.numbered {
		return int64(global) // #nosec G115 -- k6 counts with int64
	}
	before := int64(local) // #nosec G115 -- k6 counts with int64
	for _, n := range p.iterations[:p.tuple.SegmentIndex] {
		before += n
	}
	return before
}

// Chunks is how many chunks of a size a list has.
func Chunks(length, size int) int { return (length + size - 1) / size }

// Chunk returns the part of a list that an iteration takes: from one index up to, but not including, another. It is
// empty if there are more iterations than chunks. Chunk fails if there are fewer.
func (p *Plan) Chunk(length, size int, local, global uint64) (from, to int, err error) {
	if n := Chunks(length, size); p.Total() < int64(n) {
		return 0, 0, fmt.Errorf("would lose a part of the list: there are %d chunks of %d, but scenario %q runs %d "+
			"iterations; set its iterations to chunks(targets, %d)", n, size, p.scenario, p.Total(), size)
	}
	start := min(p.Number(local, global), int64(length)) * int64(size)
	from = int(min(start, int64(length)))
	return from, min(from+size, length), nil
}

// Stripe yields the indices that this instance takes of a list, in their order: a share as large as its segment. It
// fails unless every instance runs one iteration, because each must take its part exactly once.
func (p *Plan) Stripe(length int) (iter.Seq[int], error) {
	for _, n := range p.iterations {
		if n != 1 {
			return nil, fmt.Errorf("gives each instance its part, which one iteration must take: scenario %q runs %s; "+
				"use chunks() and chunk()", p.scenario, p.describe())
		}
	}
	start, offsets, _ := p.tuple.GetStripedOffsets()
	return func(yield func(int) bool) {
		for i, k := int(start), 0; i < length; i, k = i+int(offsets[k%len(offsets)]), k+1 {
			if !yield(i) {
				return
			}
		}
	}, nil
}

// describe says how many iterations run where.
func (p *Plan) describe() string {
	if len(p.iterations) == 1 {
		return fmt.Sprintf("%d iterations", p.iterations[0])
	}
	counts := make([]string, len(p.iterations))
	for i, n := range p.iterations {
		counts[i] = fmt.Sprint(n)
	}
	return strings.Join(counts, ", ") + " iterations on its instances"
}
