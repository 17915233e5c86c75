namespace IrisOperator.Training.Data;

/// <summary>From raw rows to columns: what is missing is imputed, and a text becomes a column for each of its categories.</summary>
internal static class TableEncoder
{
    /// <summary>The features of all rows, with their ranges and what stands for missing values.</summary>
    /// <param name="places">For each feature the place of each number of its vocabulary; null for numbers.</param>
    /// <exception cref="InputException">A column holds nothing.</exception>
    public static FeatureColumn[] Features(
        TableRows table, TableSchema schema, string fileName, MissingValues missing, out int[]?[] places, out int[] missingCounts)
    {
        var features = new FeatureColumn[schema.Features.Length];
        var statistics = Statistics.Of(table);
        places = new int[]?[features.Length];
        missingCounts = [.. statistics.Select(one => one.Missing)];
        for (var f = 0; f < features.Length; f++)
        {
            var (one, name) = (statistics[f], schema.Names[schema.Features[f]]);
            if (one.Missing == table.Rows.Count)
            {
                throw InputException.OfDataset($"{fileName}, column {Values.Show(name)}: holds no value; exclude it");
            }
            if (table.VocabularyOf(f) is not { } vocabulary)
            {
                double? stand = missing != MissingValues.Impute ? null
                    : schema.Kinds[schema.Features[f]] == ColumnKind.Truth ? (one.Sum * 2 > table.Rows.Count - one.Missing ? 1 : 0)
                    : Math.Clamp(one.Sum / (table.Rows.Count - one.Missing), one.Min, one.Max);
                features[f] = new FeatureColumn(name, null, stand, one.Min, one.Max);
                continue;
            }
            var categories = vocabulary.Order(one.Counts, fileName, out var order);
            var most = order[Array.IndexOf(one.Counts, one.Counts.Max())];
            places[f] = order;
            features[f] = new FeatureColumn(name, categories, missing == MissingValues.Impute ? most : null, 0, categories.Length - 1);
        }
        return features;
    }

    /// <summary>Encodes in place where rows keep their length, else block by block, each given back once it is encoded.</summary>
    public static RowBlocks Encode(RowBlocks raw, FeatureColumn[] features, int[]?[] places)
    {
        if (Array.TrueForAll(features, feature => feature is { Categories: null, Imputed: null }))
        {
            return raw;
        }
        var encoded = new RowBlocks(features.Sum(feature => feature.Categories?.Count ?? 1));
        var numbers = new double[raw.Columns];
        for (var row = 0; row < raw.Count; row++)
        {
            raw.Release(row);
            raw.CopyTo(row, numbers);
            Encode(numbers, encoded.Next(), features, places);
            encoded.Commit();
        }
        return encoded;
    }

    public static double[] Decode(IReadOnlyList<FeatureColumn> features, ReadOnlySpan<double> columns)
    {
        var raw = new double[features.Count];
        for (var f = 0; f < raw.Length; f++)
        {
            var width = features[f].Categories?.Count ?? 1;
            var one = columns[..width].IndexOf(1);
            raw[f] = features[f].Categories is null ? columns[0] : one < 0 ? double.NaN : one;
            columns = columns[width..];
        }
        return raw;
    }

    private static void Encode(ReadOnlySpan<double> raw, Span<double> columns, FeatureColumn[] features, int[]?[] places)
    {
        for (var f = 0; f < features.Length; f++)
        {
            var value = raw[f];
            if (features[f].Categories is not { } categories)
            {
                columns[0] = double.IsNaN(value) ? features[f].Imputed ?? double.NaN : value;
                columns = columns[1..];
                continue;
            }
            var place = double.IsNaN(value) ? features[f].Imputed ?? double.NaN : places[f]![(int)value];
            columns[..categories.Count].Clear();
            if (!double.IsNaN(place))
            {
                columns[(int)place] = 1;
            }
            columns = columns[categories.Count..];
        }
    }

    private sealed class Statistics
    {
        public double Min { get; private set; } = double.PositiveInfinity;

        public double Max { get; private set; } = double.NegativeInfinity;

        public double Sum { get; private set; }

        public int Missing { get; private set; }

        /// <summary>How often each number of the vocabulary occurs.</summary>
        public required int[] Counts { get; init; }

        /// <summary>One per feature.</summary>
        public static Statistics[] Of(TableRows table)
        {
            var all = new Statistics[table.Rows.Columns];
            Parallel.For(0, all.Length, f =>
            {
                var one = new Statistics { Counts = new int[table.VocabularyOf(f)?.Count ?? 0] };
                for (var row = 0; row < table.Rows.Count; row++)
                {
                    one.Add(table.Rows[row, f]);
                }
                all[f] = one;
            });
            return all;
        }

        private void Add(double value)
        {
            if (double.IsNaN(value))
            {
                Missing++;
            }
            else if (Counts.Length > 0)
            {
                Counts[(int)value]++;
            }
            else
            {
                Min = Math.Min(Min, value);
                Max = Math.Max(Max, value);
                Sum += value;
            }
        }
    }
}
