using IrisOperator.Operator.Jobs;
using IrisOperator.Operator.Reconciliation;
using IrisOperator.Operator.Tests.Golden;

namespace IrisOperator.Operator.Tests.Jobs;

/// <summary>The state machine of Jobs with a step of no kind in particular; the stories have those of trainings.</summary>
public sealed class StepRulesTests
{
    private static readonly V1Job Job = new()
    {
        Metadata = new V1ObjectMeta { Name = "step", NamespaceProperty = "ns", Uid = "job-uid" },
    };

    private static readonly (string Name, Func<Context, Said?> Decide)[] Rules =
    [
        (nameof(StepRules.CreateJob), StepRules.CreateJob),
        (nameof(StepRules.AwaitJobDeletion), StepRules.AwaitJobDeletion),
        (nameof(StepRules.RunAgain), StepRules.RunAgain),
        (nameof(StepRules.RecordEnd), StepRules.RecordEnd),
        (nameof(StepRules.AwaitJob), StepRules.AwaitJob),
    ];

    [Theory]
    [InlineData(nameof(JobState.Missing), nameof(StepRules.CreateJob), "CreateJob")]
    [InlineData(nameof(JobState.Deleting), nameof(StepRules.AwaitJobDeletion), null)]
    [InlineData(nameof(JobState.Active), nameof(StepRules.AwaitJob), null)]
    [InlineData(nameof(JobState.ReportLost), nameof(StepRules.RunAgain), "DeleteJob")]
    [InlineData(nameof(JobState.Ended), nameof(StepRules.RecordEnd), null)]
    public void each_state_of_a_job_has_one_rule(string state, string rule, string? write)
    {
        var context = new Context(state, new Step());

        var (name, decision) = Rules.Select(one => (one.Name, Said: one.Decide(context))).Single(one => one.Said is not null);

        Assert.Equal((rule, write), (name, decision!.Steps.SingleOrDefault()?.Action));
        Assert.Equal(state == nameof(JobState.Ended), decision.ContinueImmediately);
    }

    [Theory]
    [InlineData(nameof(JobState.Missing))]
    [InlineData(nameof(JobState.Active))]
    public void nothing_is_said_where_no_step_goes_on(string state) =>
        Assert.All(Rules, rule => Assert.Null(rule.Decide(new Context(state, null))));

    [Fact]
    public void a_job_is_created_after_the_back_off_and_not_before()
    {
        var early = StepRules.CreateJob(new Context(nameof(JobState.Missing), new Step(Scene.Now.AddSeconds(7))));
        var due = StepRules.CreateJob(new Context(nameof(JobState.Missing), new Step(Scene.Now)));

        Assert.Equal((0, 7), (early!.Steps.Count, early.RequeueAfter?.TotalSeconds));
        Assert.Single(due!.Steps);
    }

    [Fact]
    public void a_step_that_nobody_wants_any_more_loses_its_job()
    {
        var stopped = StepRules.Stop(new Context(nameof(JobState.Active), new Step(IsWanted: false)));

        Assert.Equal("DeleteJob", Assert.Single(stopped!.Steps).Action);
        Assert.Null(StepRules.Stop(new Context(nameof(JobState.Active), new Step())));
    }

    private sealed record Said(string What) : Decision(new ReadyStatus(Readiness.Reconciling, "Any", What));

    private sealed record Context(string State, IStep<Said>? Step) : IStepContext<Said>
    {
        public ObservedJob Job => new(
            State switch
            {
                nameof(JobState.Missing) => null,
                nameof(JobState.Deleting) => StepRulesTests.Job with
                {
                    Metadata = StepRulesTests.Job.Metadata with { DeletionTimestamp = Scene.Now.UtcDateTime },
                },
                nameof(JobState.ReportLost) => Finished("Complete"),
                nameof(JobState.Ended) => Finished("Failed"),
                _ => StepRulesTests.Job,
            },
            [],
            []);

        public Problem? Rejection => null;

        public IEnumerable<PlanStep> CleanUp => [];

        public DateTimeOffset Now => Scene.Now;

        private static V1Job Finished(string condition) => StepRulesTests.Job with
        {
            Status = new V1JobStatus { Conditions = [new V1JobCondition { Type = condition, Status = "True" }] },
        };
    }

    private sealed record Step(DateTimeOffset? NotBefore = null, bool IsWanted = true) : IStep<Said>
    {
        public Said? Stop() => IsWanted ? null : new Said("stopped");

        public V1Job Build() => Job;

        public Said Waiting(string? message, Problem? problem) => new(problem?.Message ?? message ?? "goes on");

        public Said End(JobState.Ended end) => new(end.Explanation);
    }
}
