namespace IrisOperator.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Stage">What is being fitted: "fold 2 of 5", "rows not held out", "all rows".</param>
/// <param name="Share">Of the whole training, from 0 to 1.</param>
/// <param name="Round">Rounds that are done of this stage; 0 by an algorithm that does not learn in rounds.</param>
/// <param name="Result">What a stage came to, such as "accuracy 0.9500"; null within it.</param>
public sealed record TrainingProgress(string Stage, double Share, int Round, int Rounds, string? Result = null);

/// <summary>Tells the progress of one training, of which several stages may go on at a time; one thread after the other.</summary>
/// <param name="stages">How many models are fitted.</param>
internal sealed class ProgressTeller(Action<TrainingProgress>? tell, int stages)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _shares = new(StringComparer.Ordinal);

    public void Begin(string stage) => Tell(stage, 0, 0, 0);

    public void Round(string stage, int round, int rounds) => Tell(stage, (double)round / rounds, round, rounds);

    public void End(string stage, string result) => Tell(stage, 1, 0, 0, result);

    private void Tell(string stage, double share, int round, int rounds, string? result = null)
    {
        lock (_gate)
        {
            _shares[stage] = share;
            tell?.Invoke(new TrainingProgress(stage, _shares.Values.Sum() / stages, round, rounds, result));
        }
    }
}
