authshift helper: java
