-- Work for the scheduler that knows itself what it did: a Perl program reads its own
-- /proc/self/schedstat (nanoseconds on a CPU, nanoseconds waiting for one, times it got one).
local proof = require "lib"

local work = {}

local perl = [[perl -e '
sub now { open my $f, "<", "/proc/self/schedstat" or die; [split " ", <$f>] }
$0 = "%s"; select undef, undef, undef, 0.01; my @a = @{now()}; %s; my @b = @{now()};
print join(" ", $$, map { $b[$_] - $a[$_] } 0..2), "\n"']]

-- Runs code of Perl in a process with that name, which tools that look at it see from the next time on
-- that the process gets a CPU: so it naps before. Returns { pid, ran_ns, waited_ns, times }.
function work.run(name, code)
	local out = proof.sh(perl:format(name, code))
	local pid, ran, waited, times = out:match("^(%d+) (%d+) (%d+) (%d+)\n$")
	assert(pid, out)
	return { pid = tonumber(pid), ran_ns = tonumber(ran), waited_ns = tonumber(waited),
		times = tonumber(times) }
end

-- Code that computes for so many seconds on CPU 0 while children do the same there.
function work.crowd(children, seconds)
	local burn = ("my $t = time + %g; 1 while time < $t"):format(seconds)
	return ("use Time::HiRes \"time\"; system(\"taskset -cp 0 $$ >/dev/null\") and die; my @kids; " ..
		"for (1..%d) { my $k = fork; unless ($k) { %s; require POSIX; POSIX::_exit(0) } push @kids, $k } " ..
		"%s; waitpid $_, 0 for @kids"):format(children, burn, burn)
end

-- The least and the most that a histogram's record says.
function work.range(record)
	local least, most = 0, 0
	for _, bucket in ipairs(record.buckets) do
		least, most = least + bucket.lo * bucket.count, most + (bucket.hi + 1) * bucket.count
	end
	return least, most
end

-- got is expected, within a part of that or some more.
function work.near(got, expected, part, more, what)
	local slack = expected * part + more
	assert(math.abs(got - expected) <= slack, ("%s: got %s, expected %s"):format(what, got, expected))
end

return work
