authshift helper: typescript
